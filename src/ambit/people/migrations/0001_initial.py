
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(blank=True, max_length=40)),
                ('given_names', models.TextField(blank=True)),
                ('family_name', models.TextField()),
                ('preferred_name', models.TextField(blank=True)),
                ('name_key', models.TextField(editable=False)),
                ('born_on', models.DateField(null=True)),
                ('birth_precision', models.CharField(blank=True, choices=[('exact', 'Exact'), ('estimated', 'Estimated'), ('month', 'Month and year only'), ('year', 'Year only'), ('unborn', 'Not born yet (due date)'), ('', 'Not recorded')], default='exact', max_length=10)),
                ('sex', models.CharField(blank=True, choices=[('female', 'Female'), ('male', 'Male'), ('indeterminate', 'Indeterminate'), ('', 'Not recorded')], default='', max_length=15)),
                ('no_number_reason', models.CharField(blank=True, choices=[('unborn', 'Not born yet'), ('newborn', 'Newborn, not yet allocated'), ('visitor', 'Visitor from overseas'), ('not_registered', 'Not registered with a GP'), ('awaiting_trace', 'Awaiting tracing'), ('no_match', 'Traced, no match'), ('not_known', 'Number not known'), ('homeless', 'Homeless, number not known'), ('detained', 'In prison or detained, number not known'), ('protected', 'Identity protected by law'), ('source_has_none', 'The source gave none')], max_length=20)),
                ('died_on', models.DateField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='people.person')),
                ('practice', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listed_people', to='organisations.organisation')),
            ],
            options={
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='BirthSex',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='birth_sex', serialize=False, to='people.person')),
                ('sex', models.CharField(choices=[('female', 'Female'), ('male', 'Male'), ('indeterminate', 'Indeterminate')], max_length=15)),
            ],
            options={
                'verbose_name_plural': 'sexes at birth',
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('home', 'Home'), ('temporary', 'Staying for now'), ('postal', 'For letters'), ('school', 'School')], default='home', max_length=10)),
                ('lines', models.TextField()),
                ('postcode', models.CharField(blank=True, max_length=8)),
                ('lsoa', models.CharField(blank=True, max_length=9)),
                ('from_on', models.DateField(null=True)),
                ('until_on', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'addresses',
            },
        ),
        migrations.CreateModel(
            name='Death',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('died_on', models.DateField()),
                ('died_at', models.TimeField(null=True)),
                ('precision', models.CharField(choices=[('exact', 'Exact'), ('day', 'Day known, time not'), ('estimated', 'Estimated'), ('found', 'Found dead')], default='day', max_length=10)),
                ('place', models.CharField(choices=[('20', 'Private residence, not said whose'), ('21', 'Own home'), ('22', 'Somebody else’s home'), ('40', 'Care home'), ('30', 'Hospice or specialist palliative care unit'), ('10', 'Hospital'), ('11', 'Hospital: acute'), ('12', 'Hospital: community'), ('13', 'Hospital: other'), ('50', 'Other place'), ('not_known', 'Not known')], max_length=10)),
                ('place_name', models.TextField(blank=True)),
                ('was_usual_residence', models.BooleanField(null=True)),
                ('was_expected', models.BooleanField(null=True)),
                ('cause', models.TextField(blank=True)),
                ('verified_by', models.TextField(blank=True)),
                ('verified_at', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deaths', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='ImportantPerson',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('relation', models.CharField(choices=[('wife', 'Wife'), ('husband', 'Husband'), ('partner', 'Partner'), ('mother', 'Mother'), ('father', 'Father'), ('step_parent', 'Step-parent'), ('foster_carer', 'Foster carer'), ('daughter', 'Daughter'), ('son', 'Son'), ('child', 'Child'), ('sister', 'Sister'), ('brother', 'Brother'), ('grandparent', 'Grandparent'), ('grandchild', 'Grandchild'), ('other_family', 'Other family'), ('friend', 'Friend'), ('neighbour', 'Neighbour'), ('faith', 'Faith leader or chaplain'), ('council', 'Council, for a child in its care'), ('professional', 'Paid carer or professional'), ('other', 'Other')], max_length=16)),
                ('roles', models.JSONField(default=list)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('other_telephone', models.CharField(blank=True, max_length=30)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('may_share', models.BooleanField(null=True)),
                ('is_under_18', models.BooleanField(null=True)),
                ('notes', models.TextField(blank=True)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('own_record', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='important_to', to='people.person')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='important_people', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'important people',
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('changes', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by_name', models.TextField()),
                ('by_role', models.CharField(max_length=30)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.TextField(blank=True)),
                ('undone_reason', models.TextField(blank=True)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_kept', to='people.person')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_of', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.TextField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='name_words', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='ParentalResponsibility',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('basis', models.CharField(choices=[('birth_mother', 'Mother, by birth'), ('married_or_registered_father', 'Father, married to the mother or named on the birth certificate'), ('second_parent', 'Second female parent, by law or registration'), ('agreement', 'Parental responsibility agreement'), ('court_order', 'Court order (parental responsibility or child arrangements)'), ('adoption', 'Adoption'), ('special_guardian', 'Special guardianship order'), ('guardian', 'Appointed guardian'), ('care_order', 'Council, by care order'), ('surrogacy', 'Parental order after surrogacy')], max_length=30)),
                ('evidence', models.TextField(blank=True)),
                ('restriction', models.TextField(blank=True)),
                ('court_order', models.TextField(blank=True)),
                ('is_disputed', models.BooleanField(default=False)),
                ('from_on', models.DateField(null=True)),
                ('until_on', models.DateField(null=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parental_responsibilities', to='people.importantperson')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parental_responsibilities', to='people.person')),
            ],
            options={
                'verbose_name_plural': 'parental responsibilities',
            },
        ),
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=40)),
                ('given_names', models.TextField(blank=True)),
                ('family_name', models.TextField()),
                ('until_on', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='PersonNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('nhs', 'NHS number'), ('chi', 'CHI number'), ('hc', 'H&C number')], max_length=3)),
                ('value', models.CharField(max_length=10)),
                ('status', models.CharField(choices=[('01', 'Present and verified'), ('02', 'Present, not traced'), ('03', 'Trace required'), ('04', 'Trace attempted, no match or several'), ('05', 'Trace needs to be resolved'), ('06', 'Trace in progress'), ('07', 'Not present, no trace required'), ('08', 'Trace postponed (baby under six weeks)')], default='02', max_length=2)),
                ('is_current', models.BooleanField(default=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='PersonVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('what', models.TextField()),
                ('data', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by_account', models.BigIntegerField(null=True)),
                ('by_name', models.TextField()),
                ('by_role', models.CharField(max_length=30)),
                ('by_organisation', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='PersonDetails',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='details', serialize=False, to='people.person')),
                ('gender_identity', models.CharField(blank=True, choices=[('woman', 'Woman (including trans woman)'), ('man', 'Man (including trans man)'), ('non_binary', 'Non-binary'), ('other', 'In another way'), ('declined', 'Asked, prefers not to say')], max_length=12)),
                ('pronouns', models.TextField(blank=True)),
                ('ethnicity', models.CharField(blank=True, choices=[('A', 'White: British'), ('B', 'White: Irish'), ('C', 'White: any other background'), ('D', 'Mixed: White and Black Caribbean'), ('E', 'Mixed: White and Black African'), ('F', 'Mixed: White and Asian'), ('G', 'Mixed: any other background'), ('H', 'Asian or Asian British: Indian'), ('J', 'Asian or Asian British: Pakistani'), ('K', 'Asian or Asian British: Bangladeshi'), ('L', 'Asian or Asian British: any other background'), ('M', 'Black or Black British: Caribbean'), ('N', 'Black or Black British: African'), ('P', 'Black or Black British: any other background'), ('R', 'Other: Chinese'), ('S', 'Any other ethnic group'), ('Z', 'Asked, not stated')], max_length=1)),
                ('religion', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('needs_interpreter', models.BooleanField(null=True)),
                ('communication_needs', models.JSONField(default=list)),
                ('communication_notes', models.TextField(blank=True)),
                ('adjustments', models.JSONField(default=list)),
                ('adjustment_notes', models.TextField(blank=True)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('mobile', models.CharField(blank=True, max_length=30)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('living_situation', models.CharField(blank=True, choices=[('alone', 'Lives alone'), ('partner', 'With a partner'), ('family', 'With family'), ('parents', 'With parents or guardians'), ('others', 'With others, not family'), ('care_home', 'In a care home'), ('sheltered', 'In sheltered or extra-care housing'), ('supported', 'In supported living'), ('hostel', 'In a hostel or temporary housing'), ('no_home', 'No fixed home'), ('prison', 'In prison or detention'), ('looked_after', 'Child looked after by the council'), ('other', 'Another situation')], max_length=12)),
                ('inclusion_groups', models.JSONField(default=list)),
                ('residence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='residents', to='organisations.organisation')),
            ],
            options={
                'verbose_name_plural': 'person details',
            },
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['name_key'], name='person_name_key', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['practice', 'name_key'], name='person_practice_name'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['practice', 'id'], name='person_of_practice'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='person_merged'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['born_on'], name='person_born_on'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='person_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('died_on', None), ('born_on', None), ('died_on__gte', models.F('born_on')), ('birth_precision__in', ['estimated', 'month', 'year']), _connector='OR'), name='person_dies_after_birth'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('died_on', None), models.Q(('birth_precision', 'unborn'), _negated=True), _connector='OR'), name='person_born_before_death'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'home'), ('until_on', None)), fields=('person',), name='address_one_home_now'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('from_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='address_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='death',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='death_once'),
        ),
        migrations.AddConstraint(
            model_name='death',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='death_withdrawn_with_a_reason'),
        ),
        migrations.AddIndex(
            model_name='importantperson',
            index=models.Index(fields=['person', 'rank'], name='important_person_rank'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('other',), name='merge_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('other')), _negated=True), name='merge_of_two'),
        ),
        migrations.AddIndex(
            model_name='nameword',
            index=models.Index(fields=['word', 'person'], name='name_word', opclasses=['text_pattern_ops', 'uuid_ops']),
        ),
        migrations.AddConstraint(
            model_name='parentalresponsibility',
            constraint=models.UniqueConstraint(condition=models.Q(('until_on', None)), fields=('holder',), name='parental_one_open_for_holder'),
        ),
        migrations.AddConstraint(
            model_name='personnumber',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('kind', 'value'), name='number_names_one_person'),
        ),
        migrations.AddConstraint(
            model_name='personnumber',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('person', 'kind'), name='number_one_current_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='personnumber',
            constraint=models.CheckConstraint(condition=models.Q(('is_current', False), ('withdrawn_at', None), _connector='OR'), name='number_withdrawn_is_not_current'),
        ),
        migrations.AddConstraint(
            model_name='personversion',
            constraint=models.UniqueConstraint(fields=('person', 'number'), name='person_version_once'),
        ),
    ]
