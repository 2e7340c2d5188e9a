namespace DynamicToolset.Sandbox.Resources;

/// <summary>One reason why an object is invalid, a cause in the Status of a 422.</summary>
/// <param name="Path">The field, for example <c>metadata.name</c>; empty for the whole object.</param>
/// <param name="Reason">A cause type of the API, for example <c>FieldValueInvalid</c>.</param>
internal sealed record FieldError(string Path, string Reason, string Message)
{
    /// <summary>As it stands in the message of the Status.</summary>
    public string Display => $"{(Path.Length == 0 ? "[]" : Path)}: {Message}";

    public static FieldError Invalid(string path, string value, string detail) => new(path, "FieldValueInvalid", $"Invalid value: \"{value}\": {detail}");

    public static FieldError InvalidNumber(string path, long value, string detail) => new(path, "FieldValueInvalid", $"Invalid value: {value}: {detail}");

    public static FieldError Required(string path, string detail = "") =>
        new(path, "FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError Duplicate(string path, string value) => new(path, "FieldValueDuplicate", $"Duplicate value: {value}");

    public static FieldError Forbidden(string path, string detail) => new(path, "FieldValueForbidden", $"Forbidden: {detail}");

    public static FieldError TooLong(string path, int limit) => new(path, "FieldValueTooLong", $"Too long: may not be more than {limit} bytes");

    public static FieldError Unsupported(string path, string value, params ReadOnlySpan<string> supported)
    {
        string[] choices = supported.ToArray();
        return new(path, "FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {string.Join(", ", choices.Select(choice => $"\"{choice}\""))}");
    }
}
