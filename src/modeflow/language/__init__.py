"""What can be written: quantities, matrices, flows, closed forms, kernels, and the verdicts on statements."""
