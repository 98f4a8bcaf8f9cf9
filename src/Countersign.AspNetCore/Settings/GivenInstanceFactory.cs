using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>The platform's factory of options, for an object that is given and not made by the constructor of its class.</summary>
internal sealed class GivenInstanceFactory<TOptions>(
    Func<TOptions> instance,
    IEnumerable<IConfigureOptions<TOptions>> configure,
    IEnumerable<IPostConfigureOptions<TOptions>> postConfigure,
    IEnumerable<IValidateOptions<TOptions>> validate) : OptionsFactory<TOptions>(configure, postConfigure, validate)
    where TOptions : class
{
    protected override TOptions CreateInstance(string name) => instance();
}
