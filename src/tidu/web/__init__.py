"""Pages, one folder per audience: public, enterprise, officer, admin."""
