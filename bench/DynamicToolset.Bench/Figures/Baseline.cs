using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Bench.Figures;

/// <summary>The figures of an earlier run, in a file that is checked in.</summary>
internal sealed record Baseline(string Machine, string Date, IReadOnlyDictionary<string, double> Figures)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Baseline None { get; } = new("", "", new Dictionary<string, double>());

    /// <summary>Empty where there is no such file.</summary>
    public static Baseline Read(string file)
    {
        if (!File.Exists(file))
            return None;
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        return new Baseline(
            json["machine"]!.GetValue<string>(),
            json["date"]!.GetValue<string>(),
            json["figures"]!.AsObject().ToDictionary(f => f.Key, f => f.Value!.GetValue<double>()));
    }

    /// <summary>With the figures of this run, here and now; those that this run has not measured are dropped.</summary>
    public static Baseline Of(IReadOnlyList<Figure> figures) =>
        new(Bench.Machine.Describe(), Bench.Machine.Today(), figures.ToDictionary(f => f.Name, f => f.Unit.Round(f.Value)));

    public void Write(string file)
    {
        var json = new JsonObject
        {
            ["machine"] = Machine,
            ["date"] = Date,
            ["figures"] = new JsonObject(Figures.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))),
        };
        File.WriteAllText(file, json.ToJsonString(Indented) + "\n");
    }
}
