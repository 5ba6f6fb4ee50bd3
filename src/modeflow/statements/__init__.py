"""What is claimed: claims and chapters, the catalogue of them, their verification, and objectives."""
