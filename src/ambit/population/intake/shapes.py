"""The shapes of FHIR R4 resources, as far as their rows need them: typed, straight from bytes; all else is passed over unread.

A resource whose bytes do not fit is refused by the reader with the place that does not (`$.code.coding[0].system`).
Source: HL7 FHIR R4 (4.0.1).
"""

from typing import Any, ClassVar, Union

import msgspec
from msgspec import Struct, field

TYPE = "resourceType"


class Identifier(Struct, gc=False):
    system: str | None = None
    value: str | int | None = None


class Reference(Struct, gc=False):
    reference: str | None = None
    identifier: Identifier | None = None


class Coding(Struct, gc=False, frozen=True):
    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(Struct, gc=False, frozen=True):
    coding: tuple[Coding, ...] | None = None
    text: str | None = None


class Period(Struct, gc=False, frozen=True):
    start: str | None = None
    end: str | None = None


class Quantity(Struct, gc=False):
    value: int | float | str | None = None
    comparator: str | None = None
    unit: str | None = None
    code: str | None = None


class Extension(Struct, gc=False, rename="camel"):
    url: str | None = None
    value_codeable_concept: Concept | None = None


# people -------------------------------------------------------------------------------------------


class Name(Struct, gc=False):
    use: str | None = None
    prefix: list[str | None] | None = None
    given: list[str | None] | None = None
    family: str | None = None


class Address(Struct, gc=False, rename="camel"):
    use: str | None = None
    line: list[str | None] | None = None
    city: str | None = None
    district: str | None = None
    postal_code: str | None = None


class Resource(Struct, gc=False, tag=True, tag_field=TYPE, rename="camel"):
    id: str | None = None


class Patient(Resource):
    identifier: list[Identifier] | None = None
    name: list[Name] | None = None
    address: list[Address] | None = None
    birth_date: str | None = None
    deceased_date_time: str | None = None
    deceased_boolean: bool | None = None
    gender: str | None = None
    general_practitioner: list[Reference] | None = None
    managing_organization: Reference | None = None
    active: bool | None = None


class Organization(Resource):
    identifier: list[Identifier] | None = None


# encounters ---------------------------------------------------------------------------------------


class Hospitalization(Struct, gc=False):
    extension: list[Extension] | None = None


class Encounter(Resource):
    subject: Reference | None = None
    status: str | None = None
    period: Period | None = None
    type: list[Concept] | None = None
    class_: Coding | None = field(default=None, name="class")
    priority: Concept | None = None
    extension: list[Extension] | None = None
    hospitalization: Hospitalization | None = None


# coded events -------------------------------------------------------------------------------------


class Coded(Resource):
    """What is read of every coded event: whom it is about, its code and status. `when` says which days count, the first that is there."""

    when: ClassVar[tuple[str, ...]] = ()
    until: ClassVar[tuple[str, ...]] = ()

    subject: Reference | None = None
    code: Concept | None = None
    status: str | None = None
    do_not_perform: bool | None = None


class Clinical(Coded):
    """What a clinician holds to be so, with how sure."""

    clinical_status: Concept | None = None
    verification_status: Concept | None = None


class Condition(Clinical):
    when = ("onset_date_time", "onset_period", "recorded_date")
    until = ("abatement_date_time", "abatement_period")

    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None
    abatement_date_time: str | None = None
    abatement_period: Period | None = None


class Component(Struct, gc=False, rename="camel"):
    """A part of an observation, with a code and a value of its own: one of the two pressures of blood."""

    code: Concept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None


class Observation(Coded):
    when = ("effective_date_time", "effective_period", "effective_instant", "issued")

    effective_date_time: str | None = None
    effective_period: Period | None = None
    effective_instant: str | None = None
    issued: str | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: Concept | None = None
    value_string: str | None = None
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    component: list[Component] | None = None


class MedicationRequest(Coded):
    when = ("authored_on",)

    code: Concept | None = field(default=None, name="medicationCodeableConcept")
    authored_on: str | None = None


class MedicationStatement(Coded):
    when = ("effective_date_time", "effective_period", "date_asserted")

    code: Concept | None = field(default=None, name="medicationCodeableConcept")
    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None


class Procedure(Coded):
    when = ("performed_date_time", "performed_period")

    performed_date_time: str | None = None
    performed_period: Period | None = None


class AllergyIntolerance(Clinical):
    when = ("onset_date_time", "recorded_date")

    subject: Reference | None = field(default=None, name="patient")
    onset_date_time: str | None = None
    recorded_date: str | None = None


class Immunization(Coded):
    when = ("occurrence_date_time",)

    subject: Reference | None = field(default=None, name="patient")
    code: Concept | None = field(default=None, name="vaccineCode")
    occurrence_date_time: str | None = None


class DiagnosticReport(Coded):
    when = ("effective_date_time", "effective_period", "issued")

    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None


class ServiceRequest(Coded):
    when = ("authored_on", "occurrence_date_time")

    authored_on: str | None = None
    occurrence_date_time: str | None = None


class Flag(Coded):
    when = ("period",)

    period: Period | None = None


# everything else is counted, and none of it read --------------------------------------------------

OTHERS = [
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "OrganizationAffiliation",
    "Parameters",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
]


class Other(Struct, gc=False, tag=True, tag_field=TYPE):
    """A resource of a type that is not kept."""


class Request(Struct, gc=False):
    method: str | None = None
    url: str | None = None


KEPT: tuple[type[Coded], ...] = (
    Condition, Observation, MedicationRequest, MedicationStatement, Procedure, AllergyIntolerance, Immunization,
    DiagnosticReport, ServiceRequest, Flag,
)  # fmt: skip
STORED = frozenset({"Patient", "Encounter", *(one.__name__ for one in KEPT)})
TYPES_READ = STORED | {"Organization"}

Anything = Resource | Other
OTHER_SHAPES: tuple[Any, ...] = tuple(msgspec.defstruct(name, [], bases=(Other,)) for name in OTHERS)
_EVERY: tuple[Any, ...] = (Patient, Organization, Encounter, *KEPT, *OTHER_SHAPES)
SHAPES: dict[str, Any] = {shape.__name__: shape for shape in _EVERY}
ANYTHING: Any = Union[*_EVERY]  # each by its own name: what msgspec tells them by


class Entry(Struct, gc=False, rename="camel"):
    full_url: str | None = None
    resource: ANYTHING | None = None
    request: Request | None = None


class Bundle(Struct, gc=False, tag=True, tag_field=TYPE):
    type: str | None = None
    entry: list[Entry] | None = None


# a file, or a line of one, holds one resource, which may be a Bundle of others
WHATEVER: msgspec.json.Decoder[Anything | Bundle] = msgspec.json.Decoder(Union[Bundle, *_EVERY])
