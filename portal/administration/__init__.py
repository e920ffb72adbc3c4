"""Pages of the administrator of a fund: people, roles, teams, absences and the policies in force."""
