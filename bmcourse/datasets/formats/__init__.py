"""File formats of the data sets: each is read without a pickle, and never past its stated size."""
