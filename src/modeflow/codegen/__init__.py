"""Kernels as code, a module for each target."""
