"""What Doorstroom's parts say to each other: messages, tables, errors. Imports nothing else of ours."""
