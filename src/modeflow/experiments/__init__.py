"""The theory on data: spectra, predictions, comparisons, recommendations, fits, figures, sweeps."""
