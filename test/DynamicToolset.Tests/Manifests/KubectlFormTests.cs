using DynamicToolset.Cluster;
using DynamicToolset.Manifests;

namespace DynamicToolset.Tests.Manifests;

/// <summary>What kubectl 1.32 was seen to take and to refuse; where this reader takes more the test says so.</summary>
public sealed class KubectlFormTests
{
    private const string Object = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n";
    private const string Other = "{kind: Service, metadata: {name: b}}\n";

    [Theory]
    [InlineData("9090", 9090)]
    [InlineData("0x2382", 9090)]
    [InlineData("0X2382", 9090)]
    [InlineData("0o17", 15)]
    [InlineData("012", 10)]
    [InlineData("0b11", 3)]
    [InlineData("080", 80)]
    [InlineData("0_9", 9)]
    [InlineData("1_000", 1000)]
    [InlineData("+80", 80)]
    [InlineData("9090.0", 9090)]
    [InlineData("9090.", 9090)]
    [InlineData("1e3", 1000)]
    [InlineData("1E+3", 1000)]
    [InlineData("\"80\"", null)]
    [InlineData("1:30", null)]
    [InlineData("80.5", null)]
    [InlineData("-80", null)]
    [InlineData("0x", null)]
    [InlineData(".inf", null)]
    [InlineData("1e400", null)]
    [InlineData("123456789012345678901234567890", null)]
    public void Numbers_are_those_of_YAML_1_1(string text, int? port)
    {
        ServiceManifests read = ServiceManifests.Read($"{Object}spec: {{ports: [{{port: {text}, targetPort: {text}}}]}}");
        Assert.Equal(port is int number ? [new ServicePort(null, number, TargetPort: $"{number}")] : null, read.Services.SingleOrDefault()?.Ports.ToArray());
        Assert.Equal(port is null, read.Problems.Any(p => p.Message.StartsWith("\"port\" must be a number", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("true", "true or false", "\"true\"")]
    [InlineData("Yes", "true or false", "\"Yes\"")]
    [InlineData("off", "true or false", "\"off\"")]
    [InlineData("y", "true or false", "\"y\"")]
    [InlineData("1.0", "a number", "\"1.0\"")]
    [InlineData("12", "a number", "\"12\"")]
    [InlineData("0x1F", "a number", "\"0x1F\"")]
    [InlineData("1_000", "a number", "\"1_000\"")]
    [InlineData("1e3", "a number", "\"1e3\"")]
    [InlineData(".5", "a number", "\".5\"")]
    public void What_the_API_server_takes_for_no_text_is_refused_with_the_form_to_write(string value, string taken, string quoted)
    {
        foreach (string map in new[] { "metadata: {name: a, labels: {x: @}}", "metadata: {name: a, annotations: {x: @}}", "metadata: {name: a}\nspec: {selector: {x: @}}" })
        {
            ServiceManifests read = ServiceManifests.Read($"kind: Service\n{map.Replace("@", value, StringComparison.Ordinal)}\n---\n{Other}");
            Assert.Equal("default/b", Assert.Single(read.Services).Key.ToString());
            Assert.EndsWith($": this is {taken}, but the API server accepts only a string here: write x: {quoted}", Assert.Single(read.Problems).ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("'1.0'")]
    [InlineData("!!str 12")]
    [InlineData("2025-01-01")]
    [InlineData("2025-10-06T07:08:09Z")]
    [InlineData("1:30")]
    [InlineData("1.2.3")]
    [InlineData("v1")]
    [InlineData("tRue")]
    [InlineData("e3")]
    [InlineData("1e400")]
    public void What_the_API_server_takes_for_text_is_text(string value)
    {
        ServiceManifests read = ServiceManifests.Read($"{Object}  labels:\n    x: {value}\n");
        Assert.Empty(read.Problems);
        Assert.NotEmpty(Assert.Single(read.Services).Labels["x"]);
    }

    [Theory]
    [InlineData("{name: a, annotations: {kubernaut.io/toolset: true}}", "2:57: this is true or false, but the API server accepts only a string here: write kubernaut.io/toolset: \"true\"")]
    [InlineData("{name: a, annotations: {kubernaut.io/toolset: }}", "2:57: this is nothing, but the API server accepts only a string here: write kubernaut.io/toolset: and a text")]
    [InlineData("{name: 12}", "2:18: this is a number, but the API server accepts only a string here: write name: \"12\"")]
    [InlineData("{name: a, namespace: true}", "2:32: this is true or false, but the API server accepts only a string here: write namespace: \"true\"")]
    public void Annotations_of_ours_and_names_are_texts_too(string metadata, string problem) =>
        Assert.Equal(problem, Assert.Single(ServiceManifests.Read($"kind: Service\nmetadata: {metadata}").Problems).ToString());

    [Theory]
    [InlineData(Object + "  labels: {x: p, x: q}\n", "q")]
    [InlineData(Object + "  labels: {x: p}\n  labels: {x: q}\n", "q")]
    [InlineData("{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"p\",\"x\":\"q\"}}}", "q")]
    [InlineData(Object + "  annotations: &l {x: q}\n  labels: *l\n", "q")]
    [InlineData("l: &l {x: q}\n" + Object + "  labels: {<<: *l}\n", "q")]
    [InlineData("l: &l {x: p}\n" + Object + "  labels: {<<: *l, x: q}\n", "q")]
    [InlineData("l: &l {x: q}\n" + Object + "  labels: {x: p, <<: *l}\n", "q")]
    [InlineData(Object + "  labels: {<<: [{x: q}, {x: p, y: r}]}\n", "q")]
    [InlineData(Object + "  labels: {<<: {x: p}, <<: {x: q}}\n", "q")]
    [InlineData("k: &k x\n" + Object + "  labels: {*k : q}\n", "q")]
    [InlineData("base: &b {kind: Service, metadata: {name: a, labels: {x: q}}}\n<<: *b\n", "q")]
    [InlineData("kind: List\nitems:\n- {kind: Pod, l: &l {x: q}}\n- {kind: Service, metadata: {name: a, labels: *l}}\n", "q")]
    [InlineData("l: &l [{kind: Service, metadata: {name: a, labels: {x: q}}}]\nkind: List\nitems: *l\n", "q")]
    [InlineData(Object + "  labels: {'<<': q, x: q}\n", "q")]
    [InlineData("metadata: {name: a, labels: {x: q}}\nkind: Service\n", "q")]
    public void A_key_that_is_there_twice_counts_by_its_last_value_and_what_is_referred_to_is_there(string text, string label)
    {
        ServiceManifests read = ServiceManifests.Read(text);
        Assert.Empty(read.Problems);
        Assert.Equal(label, Assert.Single(read.Services).Labels["x"]);
    }

    [Theory]
    [InlineData(Object + Object, "5:1: \"apiVersion\" is a duplicate of line 1: a line with --- is missing between two objects")]
    [InlineData("kind: Service\nmetadata: {name: a}\nkind: Pod\n", "3:1: \"kind\" is a duplicate of line 1")]
    [InlineData("kind: Service\nmetadata: {name: a}\nmetadata: {name: b}\n", "3:1: \"metadata\" is a duplicate of line 2")]
    [InlineData("kind: Service\nspec: {}\nmetadata: {name: a}\nspec: {}\n", "4:1: \"spec\" is a duplicate of line 2")]
    [InlineData("kind: List\nitems:\n- kind: Service\n  metadata: {name: a}\n  kind: Service\n", "5:3: \"kind\" is a duplicate of line 3")]
    [InlineData("{\"kind\":\"Service\",\n\"metadata\":{\"name\":\"a\"},\n\"metadata\":{\"name\":\"b\"}}", "3:1: \"metadata\" is a duplicate of line 2")]
    [InlineData(Object + "  labels: *x\n", "5:11: There is no anchor with this name above")]
    [InlineData(Object + "  labels: &x {y: *x}\n", "5:18: There is no anchor with this name above")]
    [InlineData("kind: A\na: &x 1\n---\n" + Object + "  labels: *x\n", "8:11: There is no anchor with this name above")]
    [InlineData(Object + "  labels: {<<: x}\n", "5:12: << must be followed by a map")]
    [InlineData(Object + "? [x]\n: y\n", "5:3: A key must be a text")]
    public void What_kubectl_cannot_mean_is_refused(string text, params string[] problems)
    {
        ServiceManifests read = ServiceManifests.Read(text);
        Assert.Empty(read.Services);
        Assert.Equal(problems.Length, read.Problems.Length);
        Assert.All(problems.Zip(read.Problems), p => Assert.StartsWith(p.First, p.Second.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Aliases_of_aliases_count_with_all_that_they_stand_for()
    {
        string laughs = string.Concat(Enumerable.Range(1, 12).Select(i => $"l{i}: &l{i} [{string.Join(',', Enumerable.Repeat($"*l{i - 1}", 9))}]\n"));
        ServiceManifests read = ServiceManifests.Read($"l0: &l0 [x]\n{laughs}{Object}---\n{Other}");
        Assert.Contains($"more than {ServiceManifests.Nodes}", Assert.Single(read.Problems).Message, StringComparison.Ordinal);
        Assert.Equal("default/b", Assert.Single(read.Services).Key.ToString());
    }

    [Fact]
    public void Aliases_of_aliases_are_no_deeper_than_what_is_written_out()
    {
        string chain = string.Concat(Enumerable.Range(1, 100_000).Select(i => $"l{i}: &l{i} [*l{i - 1}]\n"));
        ServiceManifests read = ServiceManifests.Read($"l0: &l0 [x]\n{chain}{Object}");
        Assert.Contains("more than 64 levels of nesting", Assert.Single(read.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("---")]
    [InlineData("--- ")]
    [InlineData("---\t")]
    [InlineData("---\r")]
    [InlineData("--- # a comment")]
    [InlineData("---# a comment")]
    [InlineData("\uFEFF---")]
    [InlineData("---\n\uFEFF")]
    [InlineData("...\n---")]
    [InlineData("---\n---\n# nothing\n---\n~\n---\nnull\n---")]
    [InlineData("...\n%YAML 1.1\n---")]
    // More than kubectl takes: it passes over what follows three dots, and refuses text behind the dashes.
    [InlineData("...")]
    [InlineData("... # a comment")]
    [InlineData("--- !!map")]
    public void Documents_are_told_apart_by_every_line_that_does_so(string line)
    {
        ServiceManifests read = ServiceManifests.Read($"{Object}{line}\n{Other}");
        Assert.Empty(read.Problems);
        Assert.Equal("default/a default/b", string.Join(' ', read.Services.Select(s => s.Key)));
    }

    [Theory]
    [InlineData("%YAML 1.1\n---\nkind: Service\nmetadata: {name: a}\n")]
    [InlineData("--- {kind: Service, metadata: {name: a}}\n")]
    [InlineData("\uFEFF# a comment\n---\nkind: Service\nmetadata: {name: a}\n")]
    [InlineData("kind: Service\rmetadata:\r  name: a\r")]
    [InlineData("kind: Service\t\nmetadata:\n  name: a\t# a comment\n")]
    [InlineData("kind: Service\nmetadata: {\n\tname: a\n}\n")]
    [InlineData("---\n{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}\n")]
    [InlineData("{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}\n---\n")]
    [InlineData("{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\",},} # a comment, and commas too many\n")]
    [InlineData("  {\"kind\":\"Service\",\r\n\"metadata\":{\"name\":\"a\"}}")]
    [InlineData("kind: Foo\nitems: [{kind: Service, metadata: {name: a}}]\nitems2: []\nkind2: x\nspec: {}\n---\nkind: Service\nmetadata: {name: a}\n", "default/a")]
    public void Every_form_of_a_text_is_read(string text, string services = "default/a")
    {
        ServiceManifests read = ServiceManifests.Read(text);
        Assert.Empty(read.Problems);
        Assert.Equal(services, string.Join(' ', read.Services.Select(s => s.Key).Distinct()));
    }

    [Fact]
    public void A_list_in_JSON_with_a_comma_too_many_has_each_item_once()
    {
        const string List = """{"kind":"List","items":[{"kind":"Service","metadata":{"name":"a"}},{"kind":"Service","metadata":{"name":"b"}},]}""";
        ServiceManifests read = ServiceManifests.Read(List);
        Assert.Empty(read.Problems);
        Assert.Equal("default/a default/b", string.Join(' ', read.Services.Select(s => s.Key)));
    }

    [Theory]
    [InlineData("Pulled: registry.example/charts/x:1.2.3\nDigest: sha256:0123\n---\n# Source: x\n")]
    [InlineData("WARNING: Kubernetes configuration file is group-readable. Location: /home/me/.kube/config\n---\n")]
    [InlineData("Pulled: a\nWARNING: b: c\nDigest: d\n# a comment\n\n---\n")]
    [InlineData("coalesce.go:289: warning: destination for x.y is a table. Ignoring non-table value ([])\n---\n")]
    [InlineData("W1130 14:00:00.000000  123 warnings.go:70] a policy is deprecated\nhang tight while we grab the latest...\n---\n")]
    public void What_a_program_says_before_the_first_dashes_is_passed_over(string said)
    {
        ServiceManifests read = ServiceManifests.Read($"{said}{Object}---\n{Other}");
        Assert.Empty(read.Problems);
        Assert.Equal("default/a default/b", string.Join(' ', read.Services.Select(s => s.Key)));
        Assert.Equal(said.Count(c => c == '\n') + 1, read.Places[0].Line);
    }

    [Theory]
    [InlineData("Pulled: a\n", "1:1: \"kind\" is missing")]
    [InlineData("metadata: {name: x}\n---\n" + Object, "1:1: \"kind\" is missing")]
    [InlineData(Object + "---\nPulled: a\n---\n" + Object, "6:1: \"kind\" is missing")]
    [InlineData("kind: [\n---\n" + Object, "2:1: ")]
    public void An_object_that_went_wrong_is_not_taken_for_what_a_program_says(string text, string problem) =>
        Assert.StartsWith(problem, Assert.Single(ServiceManifests.Read(text).Problems).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("kind: Service\nmetadata: [\n", "3:1: ")]
    [InlineData("kind: Service\n\tmetadata: {name: x}\n", "2:1: This line is indented with a tab")]
    [InlineData("kind: Service\nmetadata: {name: x}\n  spec: {}\n", "3:")]
    [InlineData("kind: Service\nmetadata: {name: x, labels: {y: true}}\n", "2:33: this is true or false")]
    [InlineData("- words\n", "1:1: a Kubernetes object must be a map")]
    [InlineData("kind: List\nitems:\n- {kind: Service, metadata: {name: y}}\n- {kind: Service, metadata: {name: 'z}}\n", "4:")]
    [InlineData("{\"kind\":\"List\",\"items\":[{\"kind\":\"Service\",\"metadata\":{\"name\":\"y\"}},\n{\"kind\" \"Service\"}]}\n", "2:")]
    public void A_fault_costs_the_document_that_it_is_in(string faulty, string problem)
    {
        ServiceManifests first = ServiceManifests.Read($"{faulty}---\n{Object}---\n{Other}");
        Assert.Equal("default/a default/b", string.Join(' ', first.Services.Select(s => s.Key)));
        Assert.StartsWith(problem, Assert.Single(first.Problems).ToString(), StringComparison.Ordinal);
        ServiceManifests between = ServiceManifests.Read($"{Object}---\n{faulty}---\n{Other}");
        Assert.Equal("default/a default/b", string.Join(' ', between.Services.Select(s => s.Key)));
        int line = Assert.Single(between.Problems).Position.Line;
        Assert.Equal(first.Problems[0].Position.Line + 5, line);
    }

    [Fact]
    public void A_fault_in_a_stream_of_JSON_costs_the_line_that_it_is_in()
    {
        ServiceManifests read = ServiceManifests.Read(
            """
            {"kind":"Service","metadata":{"name":"a"}}
            {"kind":"Service","metadata":{"name":"b"}
            {"kind":"Service","metadata":{"name":"c"}}
            {"kind":"Service","metadata":{"name":"d","labels":{"x":1}}}
            {"kind":"Service","kind":"Service"}
            {"kind":"Service","metadata":{"name":"e"}}
            """);
        Assert.Equal("a c e", string.Join(' ', read.Services.Select(s => s.Key.Name)));
        Assert.Equal([3, 4, 5], read.Problems.Select(p => p.Position.Line));
    }

    /// <summary>Each of them has a tenth of what one may have.</summary>
    [Theory]
    [InlineData("", "---\n", "\n", "")]
    [InlineData("", "", "\n", "")]
    [InlineData("{\"kind\":\"List\",\"items\":[", "", ",", "{\"kind\":\"Pod\"}]}")]
    [InlineData("kind: List\nitems:\n", "- ", "\n", "")]
    public void However_many_objects_there_are_each_is_counted_alone(string start, string before, string after, string end)
    {
        string item = $"{{\"kind\":\"Pod\",\"x\":[{string.Join(',', Enumerable.Repeat("0", 40_000))}]}}";
        Assert.Empty(ServiceManifests.Read($"{start}{string.Concat(Enumerable.Repeat($"{before}{item}{after}", 20))}{end}").Problems);
    }

    [Fact]
    public void An_output_that_was_cut_off_is_called_that()
    {
        string items = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"{{\"kind\":\"Service\",\"metadata\":{{\"name\":\"a{i}\"}}}}"));
        ServiceManifests read = ServiceManifests.Read($"{{\"apiVersion\":\"v1\",\"items\":[{items},");
        Assert.Empty(read.Services);
        Assert.Equal("The JSON is incomplete: was it cut off?", Assert.Single(read.Problems).Message);
    }

    [Theory]
    [InlineData("apiVersion: v1\nitems:\n- {metadata: {name: a}}\n- {kind: Service, metadata: {name: b}}\n- {metadata: {name: c}}\nkind: ServiceList\n", "a b c")]
    [InlineData("kind: PodList\nitems:\n- {metadata: {name: a}}\n- {kind: Service, metadata: {name: b}}\n", "b")]
    [InlineData("kind: List\nitems:\n- {metadata: {name: a}}\n- {kind: Service, metadata: {name: b}}\n", "b", "3:3: \"kind\" is missing: this item is not a Kubernetes object")]
    [InlineData("items:\n- {kind: Service, metadata: {name: b}}\n", "", "1:1: \"kind\" is missing")]
    [InlineData("kind: List\nitems:\n- {kind: Service, metadata: {name: a, labels: {x: 1}}}\n- {kind: Service, metadata: {name: b}}\n", "b", "3:51: this is a number")]
    [InlineData("kind: ServiceList\nitems:\n- {metadata: {name: a, labels: {x: 1}}}\n- {metadata: {name: b}}\n", "b", "3:36: this is a number")]
    public void A_list_is_what_its_kind_says_wherever_that_stands(string text, string names, params string[] problems)
    {
        ServiceManifests read = ServiceManifests.Read(text);
        Assert.Equal(names, string.Join(' ', read.Services.Select(s => s.Key.Name)));
        Assert.Equal(problems.Length, read.Problems.Length);
        Assert.All(problems.Zip(read.Problems), p => Assert.StartsWith(p.First, p.Second.ToString(), StringComparison.Ordinal));
    }

    /// <summary>Wherever the pieces of a text end that are read at once.</summary>
    [Fact]
    public void A_text_is_read_alike_in_pieces_of_any_size()
    {
        string filler = new('x', 32 * 1024);
        foreach (int length in Enumerable.Range((16 * 1024) - 140, 150))
        {
            string text = $"{Object}  annotations:\n    z: {filler[..length]}\n--- # next\n\uFEFF{Other}...\n{{\"kind\":\"Service\",\"metadata\":{{\"name\":\"c\"}}}}\n";
            ServiceManifests read = ServiceManifests.Read(text);
            Assert.Empty(read.Problems);
            Assert.Equal("a b c", string.Join(' ', read.Services.Select(s => s.Key.Name)));
            Assert.Equal([1, 8, 10], read.Places.Select(p => p.Line));
        }
    }

    [Theory]
    [InlineData("kind: Service\nmetadata: {name: \"{{ .x }}\"}\n", true, false)]
    [InlineData("{{- if .x }}\nkind: Service\nmetadata: {name: a}\n{{- end }}\n", false, true)]
    [InlineData("kind: Service\nmetadata:\n  name: {{ .x }}\n", true, true)]
    [InlineData("kind: Service\nmetadata:\n  name: {{ .x }}-a\n", true, true)]
    [InlineData("replicas: 1\nservice: {type: ClusterIP}\n", false, false)]
    [InlineData("apiVersion: v2\nname: chart\nversion: 1.0.0\n", false, false)]
    [InlineData("resources: [a.yaml]\n", false, false)]
    [InlineData("{\"name\":\"x\",\"version\":\"1.0.0\"}", false, false)]
    [InlineData("[1, 2]", false, false)]
    [InlineData("", false, false)]
    [InlineData("kind: Deployment\nmetadata: {name: a}\n", true, false)]
    [InlineData("kind: Service\nmetadata: [\n", true, false)]
    public void What_a_file_is_shows_in_it(string text, bool hasObjects, bool isTemplate)
    {
        ServiceManifests read = ServiceManifests.Read(text);
        Assert.Equal((hasObjects, isTemplate), (read.HasObjects, read.IsTemplate));
    }

    [Fact]
    public void A_Service_that_names_no_namespace_is_where_the_caller_says() => Assert.Equal(
        "monitoring/a elsewhere/b",
        string.Join(' ', ServiceManifests.Read(new StringReader($"{Object}---\nkind: Service\nmetadata: {{name: b, namespace: elsewhere}}\n"), "monitoring").Services.Select(s => s.Key)));

    [Fact]
    public void Of_long_annotations_of_others_nothing_is_kept()
    {
        string text = $"{Object}  annotations: {{last: '{new string('x', 129)}', short: '{new string('x', 128)}', kubernaut.io/x: '{new string('x', 129)}'}}\n";
        Assert.Equal(["kubernaut.io/x", "short"], Assert.Single(ServiceManifests.Read(text).Services).Annotations.Keys.Order());
    }
}
