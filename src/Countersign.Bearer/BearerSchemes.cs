using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer;

/// <summary>The schemes by their names: remembered, since each request asks for one, and a keyed look-up in the container is dearer.</summary>
internal sealed class BearerSchemes(IServiceProvider services)
{
    // Few: an app has one, and one more for each authority.
    private volatile KeyValuePair<string, BearerScheme>[] _known = [];

    /// <summary>Finds a scheme, and makes it where it is asked for the first time.</summary>
    public BearerScheme Find(string name)
    {
        foreach (var (known, scheme) in _known)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return scheme;
            }
        }

        // Two threads at once may lose an entry, which the next request puts in: the scheme itself is made once, by the container.
        var made = services.GetRequiredKeyedService<BearerScheme>(name);
        _known = [.. _known, new(name, made)];
        return made;
    }
}
