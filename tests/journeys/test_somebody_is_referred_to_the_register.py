"""A paramedic refers somebody they know nothing about; the GP asks back, adds them, and the paramedic sees it."""

from django.urls import reverse

from ambit.events.delivery import deliver_due
from ambit.register.models import RegisterEntry


def when_the_paramedic_refers_by_identity(page, story):
    page.get_by_role("link", name="Refer somebody to the register").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Refer somebody whose record you cannot open").click()
    page.get_by_role("button", name="Send the referral").click()
    assert "There is a problem" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_label("NHS number").fill("999 790 0960")
    page.get_by_label("Given names").fill("Arthur")
    page.get_by_label("Family name").fill("Longworth")
    for part, value in (("day", "3"), ("month", "8"), ("year", "1942")):
        page.locator(f"input[name=born_on-{part}]").fill(value)
    page.get_by_label("GP practice to ask").select_option(label="Old Tannery Practice")
    page.get_by_label("Why may this person benefit").fill("Third fall since summer; sleeps in the chair.")
    page.get_by_label("Could not be asked").check()
    page.get_by_role("button", name="Send the referral").click()


def then_they_learn_nothing_but_that_it_was_sent(page, story):
    words = page.locator("main").inner_text()
    assert "Referred: the practice has been asked" in words
    assert "Brackenhill" not in words
    story.then_nothing_stands_in_the_way(page)


def when_their_own_gp_asks_back(page, story):
    page.goto(reverse("tasks"))
    assert "Answer a referral to the register" in page.locator("main").inner_text()
    page.goto(reverse("register"))
    page.get_by_role("link", name="1 referral waits for your answer").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="LONGWORTH, Arthur").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_label("Ask for more").check()
    page.get_by_label("Your words to whoever referred").fill("Who is with him at home?")
    page.get_by_role("button", name="Send your answer").click()


def when_the_paramedic_tells_more(page, story):
    page.reload()
    assert "Who is with him at home?" in page.locator("main").inner_text()
    page.get_by_label("What you can tell").fill("His wife, who is frail herself.")
    page.get_by_role("button", name="Send to the practice").click()
    story.then_nothing_stands_in_the_way(page)


def when_the_gp_adds_them(page, story):
    page.reload()
    page.get_by_label("Add to the register").check()
    page.get_by_label("Stage, if you add them").select_option(label="Months")
    page.get_by_role("button", name="Send your answer").click()
    story.then_nothing_stands_in_the_way(page)


def test_somebody_is_referred_to_the_register(story, person):
    arthur = person("Longworth")
    story.given_they_can_sign_in("Sam Okafor", "Amina Rahman")

    paramedic = story.when_signs_in("Sam Okafor", width=375)
    when_the_paramedic_refers_by_identity(paramedic, story)
    then_they_learn_nothing_but_that_it_was_sent(paramedic, story)
    deliver_due()

    gp = story.when_signs_in("Amina Rahman")
    when_their_own_gp_asks_back(gp, story)
    when_the_paramedic_tells_more(paramedic, story)
    when_the_gp_adds_them(gp, story)

    paramedic.reload()
    assert "Answered: added to the register" in paramedic.locator("main").inner_text()
    entry = RegisterEntry.objects.get()
    assert (entry.person_id, entry.found_by, entry.stage) == (arthur.id, "referral", "months")
    assert entry.referred_by.startswith("Sam Okafor")


def test_a_register_is_brought_in_and_a_place_counts(story, person, tmp_path):
    person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman", "Leila Garside")
    file = tmp_path / "register.csv"
    heading = "nhs_number,family_name,given_names,born_on,stage\n"
    gp = story.when_signs_in("Amina Rahman", width=375)
    gp.goto(reverse("import_register"))
    story.then_nothing_stands_in_the_way(gp)
    file.write_text(heading + "9997170326,Ashworth,Margaret Jean,1943-03-14,purple\n")
    gp.get_by_label("The register as a CSV file").set_input_files(file)
    gp.get_by_role("button", name="Look at the file").click()
    assert "Nothing was stored: 1 to put right" in gp.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(gp)
    gp.get_by_role("link", name="Choose the file again").click()
    file.write_text(heading + "9997170326,Ashworth,Margaret Jean,1943-03-14,yellow\n")
    gp.get_by_label("The register as a CSV file").set_input_files(file)
    gp.get_by_role("button", name="Look at the file").click()
    assert not RegisterEntry.objects.exists()
    story.then_nothing_stands_in_the_way(gp)
    gp.get_by_role("button", name="Add 1 person to the register").click()
    assert "1 joined the register" in gp.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(gp)

    lead = story.when_signs_in("Leila Garside")
    lead.goto(reverse("register_in_numbers"))
    assert "1 to 7 people are on the register in Thornmere and Eskvale" in lead.locator("h1").inner_text()
    assert "ASHWORTH" not in lead.content()
    story.then_nothing_stands_in_the_way(lead)
