"""Tools for rare classes: weights, resampling, splits that keep test rows out of training.

Everything here works on the training rows that it is given, and on nothing else. Split
first; resample, weigh and interpolate afterwards, inside the training rows.
"""

from bmcourse.imbalance.leakage import LeakageError, assert_no_leakage
from bmcourse.imbalance.resampling import random_oversample, random_undersample
from bmcourse.imbalance.smote import smote
from bmcourse.imbalance.splits import grouped_split, stratified_split
from bmcourse.imbalance.weights import class_weights, sample_weights

__all__ = [
    "LeakageError",
    "assert_no_leakage",
    "class_weights",
    "grouped_split",
    "random_oversample",
    "random_undersample",
    "sample_weights",
    "smote",
    "stratified_split",
]
