using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace DynamicToolset.Tests.Samples;

/// <summary>
/// Asks PyYAML, the parser of the program that reads our toolsets, what texts mean: all of them in one process. The interpreter is the
/// environment variable PYTHON, else /usr/bin/python3. Where it or its yaml module is missing the test is skipped, but in CI it fails.
/// </summary>
internal sealed class PyYamlBatch
{
    /// <summary>Answers with the first difference, or with how many texts were equal. Numbers are equal across int and float, booleans are not numbers.</summary>
    private const string Program =
        """
        import json, sys, yaml
        def same(a, b):
            if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
                return a is b
            if isinstance(a, (int, float)) and isinstance(b, (int, float)):
                return a == b
            if type(a) is not type(b):
                return False
            if isinstance(a, dict):
                return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
            if isinstance(a, list):
                return len(a) == len(b) and all(map(same, a, b))
            return a == b
        cases = json.loads(sys.stdin.buffer.read().decode("utf-8"))
        for case in cases:
            try:
                read = yaml.safe_load(case["yaml"])
            except yaml.YAMLError as e:
                read = e
            if not same(read, case["means"]):
                print(ascii(case["yaml"])[:2000], "is", ascii(read)[:2000], "and not", ascii(case["means"])[:2000])
                sys.exit(1)
        print(len(cases), end="")
        """;

    private readonly JsonArray _cases = [];

    /// <param name="means">With the keys of its maps in the order in which they stand in the text.</param>
    public void Expect(string yaml, JsonNode? means) =>
        _cases.Add((JsonNode)new JsonObject { ["yaml"] = yaml, ["means"] = means });

    public void AssertUnderstood()
    {
        string python = Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } chosen ? chosen : "/usr/bin/python3";
        bool isThere = File.Exists(python) && Run(python, "import yaml", "").ExitCode == 0;
        if (!isThere && Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{python} with the module yaml (Debian: python3-yaml) is needed in CI; PYTHON names another interpreter.");
        Assert.SkipUnless(isThere, $"{python} has no module yaml: {_cases.Count} texts were not shown to PyYAML.");
        (int exitCode, string output) = Run(python, Program, _cases.ToJsonString());
        Assert.True(exitCode == 0, output);
        Assert.Equal(_cases.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), output);
    }

    private static (int ExitCode, string Output) Run(string python, string program, string input)
    {
        var start = new ProcessStartInfo(python, ["-c", program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
