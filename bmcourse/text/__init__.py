"""From text to numbers: cleaning, words, byte pairs, and n-gram models. Python and NumPy only."""

from bmcourse.text.byte_pairs import BytePairTokenizer
from bmcourse.text.cleaning import clean, words
from bmcourse.text.duplicates import distinct
from bmcourse.text.ngrams import NGramModel
from bmcourse.text.vocabulary import Vocabulary

__all__ = ["BytePairTokenizer", "NGramModel", "Vocabulary", "clean", "distinct", "words"]
