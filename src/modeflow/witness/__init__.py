"""Independent numerics that judge the closed forms: they share no code with them and never import SymPy.

`integrate`  the mode equations, step by step, in double precision or at any number of digits
`train`      gradient descent of the full weight matrices, noise marginalised
`samples`    the same on the samples, noise drawn: minibatches, and nonlinear hidden units
"""
