using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>
/// Makes the tree of options once: from the configuration, then from the app's code. The tree is not checked here. Each part is checked at its first use, and
/// all parts are checked at the start, so that every fault is reported.
/// </summary>
internal sealed class OptionsTree(
    Func<CountersignOptions> create,
    IEnumerable<IConfigureOptions<CountersignOptions>> configure,
    IEnumerable<IPostConfigureOptions<CountersignOptions>> postConfigure)
{
    private readonly Lazy<CountersignOptions> _root = new(
        () => new GivenInstanceFactory<CountersignOptions>(create, configure, postConfigure, []).Create(Options.DefaultName));

    /// <summary>The top of the tree.</summary>
    public CountersignOptions Root => _root.Value;
}
