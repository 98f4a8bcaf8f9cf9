using System.Buffers;
using Countersign.Tokens.Settings;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer;

/// <summary>The rule for the paths on which an app takes tokens from the query.</summary>
internal static class QueryTokenPaths
{
    private static readonly SearchValues<char> NotInPaths = SearchValues.Create("?#{}*\\ ");

    /// <summary>Adds a fault for each path that is not the path of a hub.</summary>
    /// <param name="check">Takes the faults.</param>
    /// <param name="name">The setting's name.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="reserved">A path whose routes never take tokens from the query; null for none.</param>
    public static void Check(SettingCheck check, string name, IEnumerable<string?> paths, string? reserved = null)
    {
        foreach (var path in paths)
        {
            if (path is not ['/', _, ..] || path.EndsWith('/') || path.AsSpan().ContainsAny(NotInPaths))
            {
                check.Add(
                    name, $"has \"{path}\", which is not the path of a hub", "Write a path such as /hubs/chat. It and the paths below it take the token.");
            }
            else if (reserved is ['/', ..] && (IsBelow(reserved, path) || IsBelow(path, reserved)))
            {
                check.Add(
                    name, $"has \"{path}\", which has Countersign's own routes", "Name the paths of your hubs. Countersign's routes take the header alone.");
            }
        }
    }

    private static bool IsBelow(string path, string root) => new PathString(path).StartsWithSegments(root, StringComparison.OrdinalIgnoreCase);
}
