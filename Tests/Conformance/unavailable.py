"""Operations of the model that this version refuses, by the feature that they belong to."""

UNAVAILABLE = {
    "privacy budgets": [
        "CreatePrivacyBudgetTemplate", "GetPrivacyBudgetTemplate", "ListPrivacyBudgetTemplates",
        "UpdatePrivacyBudgetTemplate", "DeletePrivacyBudgetTemplate", "ListPrivacyBudgets",
        "ListCollaborationPrivacyBudgets", "ListCollaborationPrivacyBudgetTemplates",
        "GetCollaborationPrivacyBudgetTemplate", "PreviewPrivacyImpact"],
    "ID namespaces and ID mapping tables": [
        "CreateIdNamespaceAssociation", "GetIdNamespaceAssociation", "ListIdNamespaceAssociations",
        "UpdateIdNamespaceAssociation", "DeleteIdNamespaceAssociation", "ListCollaborationIdNamespaceAssociations",
        "GetCollaborationIdNamespaceAssociation", "CreateIdMappingTable", "GetIdMappingTable", "ListIdMappingTables",
        "UpdateIdMappingTable", "DeleteIdMappingTable", "PopulateIdMappingTable"],
    "intermediate tables": [
        "CreateIntermediateTable", "GetIntermediateTable", "ListIntermediateTables", "UpdateIntermediateTable",
        "DeleteIntermediateTable", "DisallowIntermediateTable", "PopulateIntermediateTable",
        "ListIntermediateTableVersions", "CreateIntermediateTableAnalysisRule", "GetIntermediateTableAnalysisRule",
        "UpdateIntermediateTableAnalysisRule", "DeleteIntermediateTableAnalysisRule"],
    "protected jobs": ["StartProtectedJob", "GetProtectedJob", "ListProtectedJobs", "UpdateProtectedJob"],
    "exports of analysis logs": ["StartAnalysisLogExport", "GetAnalysisLogExport", "ListAnalysisLogExports"],
    "configured audience models": [
        "CreateConfiguredAudienceModelAssociation", "GetConfiguredAudienceModelAssociation",
        "ListConfiguredAudienceModelAssociations", "UpdateConfiguredAudienceModelAssociation",
        "DeleteConfiguredAudienceModelAssociation", "ListCollaborationConfiguredAudienceModelAssociations",
        "GetCollaborationConfiguredAudienceModelAssociation"],
}
FEATURE = {operation: feature for feature, operations in UNAVAILABLE.items() for operation in operations}
