"""The pages of the person, of somebody who acts for them, and of their carer; and what staff answer to them."""
