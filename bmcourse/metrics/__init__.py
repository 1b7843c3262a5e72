"""Metrics of classification and of ranked lists, written from their definitions in NumPy.

Names, argument order and defaults are scikit-learn's where it has the function.
Everything is counted once and vectorised; the curves cost one sort, O(n log n).

Labels have shape (n_samples,). Left out, and refused: several labels a row
(multi-label), labels in columns, masked arrays, areas of one class against one
other (``multi_class="ovo"``) and of a part of the curve (``max_fpr``).
"""

from bmcourse.metrics.agreement import (
    balanced_accuracy_score,
    cohen_kappa_score,
    matthews_corrcoef,
)
from bmcourse.metrics.areas import average_precision_score, roc_auc_score
from bmcourse.metrics.calibration import (
    brier_score_loss,
    calibration_curve,
    expected_calibration_error,
    log_loss,
)
from bmcourse.metrics.comparison import McNemarResult, mcnemar_test
from bmcourse.metrics.confusion import Counts, accuracy_score, class_counts, confusion_matrix
from bmcourse.metrics.curves import (
    confusion_matrix_at_thresholds,
    cumulative_gain_curve,
    lift_curve,
    precision_recall_curve,
    roc_curve,
)
from bmcourse.metrics.intervals import Interval, bootstrap_interval
from bmcourse.metrics.money import (
    best_threshold,
    cost_sensitive_threshold,
    expected_profit,
    expected_profit_curve,
)
from bmcourse.metrics.ranking import ndcg_at_k, recall_at_k, top_k
from bmcourse.metrics.ratios import (
    f1_score,
    fbeta_score,
    precision_score,
    recall_score,
    specificity_score,
)

__all__ = [
    "Counts",
    "Interval",
    "McNemarResult",
    "accuracy_score",
    "average_precision_score",
    "balanced_accuracy_score",
    "best_threshold",
    "bootstrap_interval",
    "brier_score_loss",
    "calibration_curve",
    "class_counts",
    "cohen_kappa_score",
    "confusion_matrix",
    "confusion_matrix_at_thresholds",
    "cost_sensitive_threshold",
    "cumulative_gain_curve",
    "expected_calibration_error",
    "expected_profit",
    "expected_profit_curve",
    "f1_score",
    "fbeta_score",
    "lift_curve",
    "log_loss",
    "matthews_corrcoef",
    "mcnemar_test",
    "ndcg_at_k",
    "precision_recall_curve",
    "precision_score",
    "recall_at_k",
    "recall_score",
    "roc_auc_score",
    "roc_curve",
    "specificity_score",
    "top_k",
]
