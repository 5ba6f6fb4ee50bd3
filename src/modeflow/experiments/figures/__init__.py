"""The figures of the paper, each a module of this package: its numbers, and how they are drawn.

Source: A. Pretorius, S. Kroon, H. Kamper, "Learning dynamics of linear denoising autoencoders", ICML 2018.
"""

from .figure_record import Curve, Record, Row
from .gallery import FIGURES, WITHOUT_DATA, figures

__all__ = ["FIGURES", "WITHOUT_DATA", "Curve", "Record", "Row", "figures"]
