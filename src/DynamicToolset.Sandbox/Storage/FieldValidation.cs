namespace DynamicToolset.Sandbox.Storage;

/// <summary>The values of the query parameter of that name, see https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}
