"""Statements are held against claims, by proof."""
