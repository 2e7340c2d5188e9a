using DynamicToolset.Messages;

namespace DynamicToolset.Rules;

/// <summary>
/// What a Service shows of being what a rule looks for, as a number: of two rules that do not match, the one with more came closer. Each
/// kind outweighs all that is below it.
/// </summary>
internal static class Evidence
{
    public const int None = 0;

    /// <summary>What every other Service shows too: a port called <c>http</c>, or a component called <c>server</c>.</summary>
    public const int Generic = 1;

    /// <summary>A port number that products are known by. Others use it as well.</summary>
    public const int KnownPort = 10;

    /// <summary>A name that speaks of the type, which another rule looks for too.</summary>
    public const int Related = 90;

    /// <summary>A label or a name that almost says it.</summary>
    public const int Almost = 100;

    /// <summary>A label or a name that says it.</summary>
    public const int Named = 110;

    /// <summary>Everything but the port, or but what excludes it.</summary>
    public const int Identified = 10_000;

    private static readonly int[] WebPorts = [80, 443, 8000, 8080, 8443];

    private static readonly string[] RoleKeys = ["app.kubernetes.io/component", "component", "role", "tier", "app.kubernetes.io/managed-by"];

    public static int Of(PortCondition port) =>
        port.TargetPort is not null || (port.Number is { } number && !WebPorts.Contains(number)) ? KnownPort : Generic;

    /// <summary>Of a label, an annotation or a key of the selector that is as it should be.</summary>
    public static int Of(string key, TextCondition value) => value.Operator switch
    {
        TextOperator.NotIn or TextOperator.DoesNotExist => None,
        TextOperator.Exists => Generic,
        _ => RoleKeys.Contains(key) ? Generic : Named,
    };

    /// <summary>Of a label that is not as it should be.</summary>
    /// <param name="product">The names of what the rule looks for.</param>
    public static int OfMiss(TextCondition wanted, string? present, TextCondition product)
    {
        if (present is null || wanted.Operator is TextOperator.NotIn or TextOperator.DoesNotExist)
            return None;
        return product.IsMetBy(present) || wanted.Values.Any(v => Spelling.IsSlipOf(present, v)) ? Almost : None;
    }
}
