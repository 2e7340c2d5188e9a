using System.Globalization;

namespace DynamicToolset.Sandbox.Output;

/// <summary>Ages as Kubernetes prints them: two units while they are small, one when they are not.</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        return seconds switch
        {
            < 0 => "0s",
            < 60 * 2 => Join(seconds, "s"),
            < 60 * 10 => Join(minutes, "m", seconds % 60, "s"),
            < 60 * 60 * 3 => Join(minutes, "m"),
            < 60 * 60 * 8 => Join(hours, "h", minutes % 60, "m"),
            < 60 * 60 * 48 => Join(hours, "h"),
            < 60 * 60 * 192 => Join(days, "d", hours % 24, "h"),
            < 60 * 60 * 24 * 365 * 2 => Join(days, "d"),
            < 60L * 60 * 24 * 365 * 8 => Join(days / 365, "y", days % 365, "d"),
            _ => Join(days / 365, "y"),
        };
    }

    private static string Join(long value, string unit, long rest = 0, string restUnit = "") => rest == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{value}{unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{value}{unit}{rest}{restUnit}");
}
