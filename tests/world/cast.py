"""The same invented people in every test: organisations, staff in their roles, people. NHS numbers start 999."""
