"""Everything with an outside: the database, mail. An activity does what it is told and may be run again."""
