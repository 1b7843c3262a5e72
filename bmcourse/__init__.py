"""Helper package of the course on what is inside large models.

Importing it is quick and loads neither TensorFlow nor matplotlib.
"""

__version__ = "0.1.0"
