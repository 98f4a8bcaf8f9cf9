using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer;

/// <summary>The schemes by their names: remembered, since each request asks for one, and a keyed look-up in the container is dearer.</summary>
internal sealed class BearerSchemes(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, BearerScheme> _known = new(StringComparer.Ordinal);

    /// <summary>Finds a scheme, and makes it where it is asked for the first time.</summary>
    public BearerScheme Find(string name) =>
        _known.TryGetValue(name, out var scheme) ? scheme : _known.GetOrAdd(name, services.GetRequiredKeyedService<BearerScheme>(name));
}
