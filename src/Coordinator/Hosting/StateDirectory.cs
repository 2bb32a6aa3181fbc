using System.Globalization;

namespace Cluster.Coordinator.Hosting;

/// <summary>Where a coordinator keeps its state when nobody says where: a folder for each address, so that several on one machine do not meet.</summary>
internal static class StateDirectory
{
    /// <returns>Null: nobody comes back to this address, so that there is nothing to keep.</returns>
    public static string? Of(ListenAddress address)
    {
        if (address.EndPoint is not { Port: > 0 } endPoint)
        {
            return null;
        }

        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given && Path.IsPathFullyQualified(given)
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "cluster", string.Create(CultureInfo.InvariantCulture, $"{endPoint.Address}-{endPoint.Port}").Replace(':', '_'));
    }
}
