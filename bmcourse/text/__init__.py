"""From text to numbers and back: cleaning, words, byte pairs, n-gram models, sampling. Python and
NumPy only.
"""

from bmcourse.text.byte_pairs import BytePairTokenizer
from bmcourse.text.cleaning import clean, words
from bmcourse.text.copying import longest_copy
from bmcourse.text.duplicates import distinct
from bmcourse.text.ngrams import NGramModel
from bmcourse.text.sampling import draw, top_k, top_p, with_temperature
from bmcourse.text.vocabulary import Vocabulary
from bmcourse.text.word_pieces import WordPieceTokenizer

__all__ = [
    "BytePairTokenizer",
    "NGramModel",
    "Vocabulary",
    "WordPieceTokenizer",
    "clean",
    "distinct",
    "draw",
    "longest_copy",
    "top_k",
    "top_p",
    "with_temperature",
    "words",
]
