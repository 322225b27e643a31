from django.apps import AppConfig


class CareplanConfig(AppConfig):
    name = "ambit.careplan"

    def ready(self) -> None:
        from ambit.access.items import consists_of
        from ambit.careplan import registry
        from ambit.careplan.merging import join_versions, move_drafts
        from ambit.careplan.rules import dying
        from ambit.people.moving import moves

        moves("careplan.SectionVersion", "person", join_versions)
        moves("careplan.SectionDraft", "person", move_drafts)
        consists_of(lambda: {section.id: section.title for section in registry.plan().sections()})
        consists_of(lambda: {dying.PART: dying.PART_TITLE})
