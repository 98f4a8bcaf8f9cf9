using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer;

/// <summary>The schemes by their names. They are kept here because each request needs one, and a keyed look-up in the container is slower.</summary>
internal sealed class BearerSchemes(IServiceProvider services)
{
    // The list is short: one scheme for the app, and one for each authority.
    private volatile KeyValuePair<string, BearerScheme>[] _known = [];

    /// <summary>Finds a scheme. The first call for a name makes it.</summary>
    public BearerScheme Find(string name)
    {
        foreach (var (known, scheme) in _known)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return scheme;
            }
        }

        // If two threads write at once, one entry can get lost, and the next request adds it again. The container makes the scheme itself only once.
        var made = services.GetRequiredKeyedService<BearerScheme>(name);
        _known = [.. _known, new(name, made)];
        return made;
    }
}
