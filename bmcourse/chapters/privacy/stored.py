"""What dp-accounting 0.6.0 answers, run in an environment of its own (it asks for attrs < 24)."""

from __future__ import annotations

# share, noise, steps, delta, epsilon by Rényi (its standard orders), epsilon by the privacy loss
# distribution (steps of 0.0001). PoissonSampledDpEvent(share, GaussianDpEvent(noise)), composed.
BY_LIBRARY = (
    (0.01, 1.0, 1500, 1e-5, 2.5023, 2.2325),
    (0.01, 1.0, 1000, 1e-5, 2.1014, 1.8282),
    (0.01, 2.0, 1000, 1e-5, 0.6862, 0.6220),
    (0.01, 0.7, 1000, 1e-5, 5.4233, 4.6183),
    (0.01, 4.0, 1000, 1e-5, 0.3012, 0.2722),
    (0.1, 2.0, 100, 1e-5, 2.5806, 2.3374),
    (0.2, 2.0, 50, 1e-3, 2.7355, 2.3555),
    (0.004, 0.8, 5000, 1e-6, 3.3925, 2.9073),
    (1.0, 5.0, 15, 1e-5, 3.5345, 3.2646),
    (0.001, 1.0, 10000, 1e-5, 0.7877, 0.4760),
)
