using System.Text;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Sizes in bytes, as UTF-8: of keys and values, under <c>data</c> and <c>binaryData</c>, whoever wrote them. The API server counts the values
/// alone, see https://kubernetes.io/docs/concepts/configuration/configmap/.
/// </summary>
public static class ConfigMapSize
{
    public static int Of(ConfigMapRecord present) => Of(present.Data) + present.BinaryData.Sum(d => Of(d.Key) + d.Value);

    public static int Of(IEnumerable<KeyValuePair<string, string>> data) => data.Sum(d => Of(d.Key) + Of(d.Value));

    /// <summary>When all that is desired is in place.</summary>
    public static int After(ConfigMapRecord present, DesiredConfigMap desired)
    {
        int binary = present.BinaryData.Where(d => Stays(d.Key)).Sum(d => Of(d.Key) + d.Value);
        return desired.KeepsUnknown
            ? binary + Of(present.Data) + Of(desired.Data.Where(d => !present.Data.ContainsKey(d.Key)))
            : binary + Of(present.Data.Where(d => Stays(d.Key))) + Of(desired.Data);

        bool Stays(string key) => !ToolsetKey.IsOurs(key) || desired.KeptKeys.Contains(key);
    }

    private static int Of(string text) => Encoding.UTF8.GetByteCount(text);
}
