"""The explorer: one page that draws the modes of a linear autoencoder in a browser, without a network."""
