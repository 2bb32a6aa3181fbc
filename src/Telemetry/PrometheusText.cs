using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Cluster.Telemetry;

/// <summary>Writes metrics in Prometheus's text format, version 0.0.4. Names follow OpenTelemetry's rules for it: units are spelled out, and counters end with <c>_total</c>.</summary>
internal static class PrometheusText
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal) { ["By"] = "bytes", ["s"] = "seconds", ["ms"] = "milliseconds", ["1"] = "ratio" };

    /// <summary>Writes what was collected.</summary>
    public static string Write(in Batch<Metric> batch)
    {
        var text = new StringBuilder();
        foreach (var metric in batch)
        {
            if (TypeOf(metric.MetricType) is not { } type)
            {
                continue;
            }

            var name = NameOf(metric.Name, metric.Unit, type);
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(metric.Description, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                Write(text, name, metric.MetricType, point);
            }
        }

        return text.ToString();
    }

    /// <summary>As Prometheus calls it.</summary>
    internal static string NameOf(string name, string unit, string type)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        }

        // What stands in braces is an annotation.
        if (unit.Length > 0 && unit[0] != '{' && !(unit == "1" && type == "counter"))
        {
            plain.Append('_').Append(Units.GetValueOrDefault(unit, "")).Replace("__", "_");
        }

        var result = plain.ToString().TrimEnd('_');
        return type == "counter" ? result + "_total" : result;
    }

    private static string? TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    private static void Write(StringBuilder text, string name, MetricType type, in MetricPoint point)
    {
        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                Line(text, name, point.Tags, null, point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                Line(text, name, point.Tags, null, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                Line(text, name, point.Tags, null, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                Line(text, name, point.Tags, null, point.GetGaugeLastValueDouble());
                break;
            default:
                long below = 0;
                foreach (var bucket in point.GetHistogramBuckets())
                {
                    below += bucket.BucketCount;
                    Line(text, $"{name}_bucket", point.Tags, Number(bucket.ExplicitBound), below);
                }

                Line(text, $"{name}_sum", point.Tags, null, point.GetHistogramSum());
                Line(text, $"{name}_count", point.Tags, null, point.GetHistogramCount());
                break;
        }
    }

    private static void Line(StringBuilder text, string name, ReadOnlyTagCollection tags, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, tag) in tags)
        {
            text.Append(separator).Append(NameOf(key, "", "gauge")).Append("=\"").Append(Escape(Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "", quotes: true)).Append('"');
            separator = ',';
        }

        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string Escape(string value, bool quotes)
    {
        value = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? value.Replace("\"", "\\\"", StringComparison.Ordinal) : value;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
