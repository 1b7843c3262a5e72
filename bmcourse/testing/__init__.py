"""How the notebooks are tested: a layer over nbval, and the record of the last run."""
