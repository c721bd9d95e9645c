"""Import and export of customers, sites, assets, contracts and past services as CSV and Excel."""
