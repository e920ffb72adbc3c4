"""The web application: pages for staff, employers, experts, agencies and participants, and the JSON interface."""
