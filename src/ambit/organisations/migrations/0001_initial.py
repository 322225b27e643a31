
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(blank=True, max_length=20)),
                ('name', models.TextField()),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('registration', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'verbose_name_plural': 'staff',
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=8, unique=True)),
                ('name', models.TextField()),
                ('kind', models.CharField(choices=[('system', 'Integrated care system'), ('place', 'Place or locality'), ('practice', 'GP practice'), ('community', 'Community provider'), ('hospital', 'Hospital'), ('hospice', 'Hospice'), ('care_home', 'Care home'), ('ambulance', 'Ambulance service'), ('out_of_hours', 'Out-of-hours or 111 service'), ('council', 'Council'), ('other', 'Other')], max_length=20)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('address', models.TextField(blank=True)),
                ('postcode', models.CharField(blank=True, max_length=8)),
                ('opened_on', models.DateField(null=True)),
                ('closed_on', models.DateField(null=True)),
                ('part_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('hours', models.TextField(blank=True)),
                ('closed_on', models.DateField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('gp', 'GP'), ('community_nurse', 'Community nurse'), ('palliative_specialist', 'Palliative care specialist'), ('care_coordinator', 'Care coordinator'), ('urgent_clinician', 'Out-of-hours, 111 or 999 clinician'), ('advice_line_nurse', 'Advice-line nurse'), ('care_home_senior', 'Care-home senior'), ('social_worker', 'Social worker'), ('hospital_clinician', 'Hospital clinician'), ('practice_administrator', 'Practice administrator'), ('place_lead', 'Place lead'), ('analyst', 'Commissioner or analyst'), ('educator', 'Educator'), ('privacy_officer', 'Privacy officer'), ('auditor', 'Auditor'), ('system_administrator', 'System administrator')], max_length=30)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.organisation')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.staff')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.team')),
            ],
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['kind', 'name'], name='organisation_kind_name'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on', None), ('opened_on', None), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='organisation_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='team_one_name_in_organisation'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('team__isnull', False), ('until_on', None)), fields=('staff', 'organisation', 'team', 'role'), name='membership_one_open_role_in_team'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('team', None), ('until_on', None)), fields=('staff', 'organisation', 'role'), name='membership_one_open_role'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='membership_ends_after_it_begins'),
        ),
    ]
