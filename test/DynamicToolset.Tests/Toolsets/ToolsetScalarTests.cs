using DynamicToolset.Toolsets;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Toolsets;

/// <summary>What a scalar of overrides.yaml means, seen by how it is written again.</summary>
public sealed class ToolsetScalarTests
{
    [Theory]
    [InlineData("true", "true")]
    [InlineData("True", "true")]
    [InlineData("TRUE", "true")]
    [InlineData("yes", "true")]
    [InlineData("Yes", "true")]
    [InlineData("YES", "true")]
    [InlineData("on", "true")]
    [InlineData("On", "true")]
    [InlineData("ON", "true")]
    [InlineData("false", "false")]
    [InlineData("False", "false")]
    [InlineData("FALSE", "false")]
    [InlineData("no", "false")]
    [InlineData("No", "false")]
    [InlineData("NO", "false")]
    [InlineData("off", "false")]
    [InlineData("Off", "false")]
    [InlineData("OFF", "false")]
    public void The_booleans_are_those_of_YAML_1_1(string plain, string written) => AssertWritten(plain, written);

    [Theory]
    [InlineData("y")]
    [InlineData("Y")]
    [InlineData("n")]
    [InlineData("N")]
    [InlineData("tRUE")]
    [InlineData("yEs")]
    [InlineData("oN")]
    [InlineData("nULL")]
    [InlineData("none")]
    public void Letters_and_odd_spellings_stay_text(string plain) => AssertText(plain);

    [Theory]
    [InlineData("~")]
    [InlineData("null")]
    [InlineData("Null")]
    [InlineData("NULL")]
    [InlineData("")]
    public void Nothing_is_null(string plain) => AssertWritten(plain, "null");

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "-0")]
    [InlineData("7", "7")]
    [InlineData("-7", "-7")]
    [InlineData("10", "10")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("0.5", "0.5")]
    [InlineData("-1.50", "-1.50")]
    [InlineData("5.", "5.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("1E3", "1000.0")]
    [InlineData("1e+3", "1000.0")]
    [InlineData("-1.5e-3", "-0.0015")]
    [InlineData("2.5E2", "250.0")]
    public void A_number_is_written_so_that_every_reader_takes_it_for_that_number(string plain, string written) => AssertWritten(plain, written);

    [Theory]
    [InlineData("012")]
    [InlineData("-012")]
    [InlineData("00")]
    [InlineData("0x1F")]
    [InlineData("0o7")]
    [InlineData("0b1")]
    [InlineData("1_000")]
    [InlineData("1:30")]
    [InlineData("190:20:30")]
    [InlineData("1.2.3")]
    [InlineData("1e400")]
    [InlineData("1e-30")]
    [InlineData("1.23456789012345e-20")]
    [InlineData("1e")]
    [InlineData("e3")]
    [InlineData("30s")]
    [InlineData("١٢")]
    [InlineData(".nan")]
    [InlineData(".inf")]
    [InlineData("-.inf")]
    [InlineData("2025-01-01")]
    [InlineData("2025-01-01T00:00:00Z")]
    [InlineData("=")]
    [InlineData("10.0.0.0/8")]
    public void What_only_some_readers_take_for_a_number_or_a_date_stays_text(string plain) => AssertText(plain);

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("'no'")]
    [InlineData("\"12\"")]
    [InlineData("'~'")]
    [InlineData("!!str 12")]
    [InlineData("!!str yes")]
    public void What_stands_in_quotes_or_under_a_tag_is_text(string yaml) =>
        Assert.IsType<ToolsetValue.Text>(Read(yaml));

    private static void AssertText(string plain) => Assert.Equal(new ToolsetValue.Text(plain), Read(plain));

    private static void AssertWritten(string plain, string written)
    {
        var toolset = new Toolset("t", "custom", ToolsetValue.Map.Of(("v", Read(plain))), new ToolsetSource.Override());
        Assert.EndsWith($"\nv: {written}\n", ToolsetYaml.Emit(toolset), StringComparison.Ordinal);
    }

    private static ToolsetValue Read(string yaml) =>
        ToolsetValueReader.ReadMap((YamlNode.Mapping)YamlReader.Read($"v: {yaml}\n").Documents.Single())["v"]!;
}
