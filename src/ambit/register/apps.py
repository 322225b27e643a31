from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "ambit.register"

    def ready(self) -> None:
        from ambit.people.moving import moves, only_one

        words = (
            "Both records are on the register. Open the register entry of the record that you do not keep and take it "
            "off the register, as added by mistake; then merge. Nothing was merged."
        )
        mover = only_one("register.RegisterEntry", "person", open_rows={"left_on": None}, words=words)
        moves("register.RegisterEntry", "person", mover)
