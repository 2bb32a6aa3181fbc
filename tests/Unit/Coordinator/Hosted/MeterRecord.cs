using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What one meter has measured since this began to listen; the coordinators of other tests have meters of the same name.</summary>
internal sealed class MeterRecord : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();
    private readonly ConcurrentDictionary<string, long> _values = new();

    public MeterRecord(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && _instruments.TryAdd(instrument.Name, instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>(Record);
        _listener.SetMeasurementEventCallback<long>(Record);
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, state) => Record(instrument, 1, tags, state));
        _listener.Start();
    }

    /// <summary>Its instruments, by name.</summary>
    public IReadOnlyList<Instrument> Instruments => [.. _instruments.Values.OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];

    /// <summary>The sum of a counter, what a gauge says now, or how many measurements a histogram has.</summary>
    public long this[string name]
    {
        get
        {
            if (!_instruments.TryGetValue(name, out var instrument))
            {
                throw new KeyNotFoundException($"There is no instrument {name}.");
            }

            if (instrument.IsObservable)
            {
                _listener.RecordObservableInstruments();
            }

            return _values.GetValueOrDefault(name);
        }
    }

    /// <summary>Waits until an instrument shows a value; nobody tells when a gauge changes, so this looks again and again.</summary>
    public async Task WaitAsync(string name, Func<long, bool> fits, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookAgain, TimeProvider.System);
        while (!fits(this[name]))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record<T>(Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        where T : IConvertible
    {
        var value = measurement.ToInt64(CultureInfo.InvariantCulture);
        _values.AddOrUpdate(instrument.Name, value, (_, sum) => instrument.IsObservable ? value : sum + value);
    }
}
