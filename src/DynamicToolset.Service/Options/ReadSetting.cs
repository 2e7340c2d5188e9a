using System.Diagnostics.CodeAnalysis;

namespace DynamicToolset.Service.Options;

/// <summary>What reading a setting's text gave: a value, or the part of the text that is at fault.</summary>
/// <param name="Culprit">Empty where the text as a whole is at fault.</param>
public readonly record struct ReadSetting<T>(T? Value, bool IsRefused, string Culprit)
    where T : notnull
{
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return !IsRefused;
    }
}
