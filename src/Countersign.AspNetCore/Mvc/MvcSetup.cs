using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Mvc;

/// <summary>
/// Requires the login of each action and page that takes a <see cref="CurrentUser"/>, as minimal endpoints do. It has no effect in an app without MVC.
/// </summary>
internal sealed class MvcSetup : IConfigureOptions<MvcOptions>, IConfigureOptions<RazorPagesOptions>
{
    /// <inheritdoc />
    public void Configure(MvcOptions options) => options.Conventions.Add(new ActionConvention());

    /// <inheritdoc />
    public void Configure(RazorPagesOptions options) => options.Conventions.Add(new PageConvention());

    private static IEnumerable<RequestUserType> Find(IEnumerable<ParameterModelBase> parameters) =>
        parameters.Select(static parameter => RequestUserType.Of(parameter.ParameterType)).OfType<RequestUserType>().Distinct();

    private sealed class ActionConvention : IActionModelConvention
    {
        public void Apply(ActionModel action)
        {
            foreach (var user in Find([.. action.Parameters, .. action.Controller.ControllerProperties]))
            {
                foreach (var selector in action.Selectors)
                {
                    selector.EndpointMetadata.Add(user.Policy);
                }
            }
        }
    }

    /// <summary>A page has one endpoint for all its handlers. So it requires the login if one of them takes the user.</summary>
    private sealed class PageConvention : IPageApplicationModelConvention
    {
        public void Apply(PageApplicationModel model)
        {
            foreach (var user in Find([.. model.HandlerMethods.SelectMany(static handler => handler.Parameters), .. model.HandlerProperties]))
            {
                model.EndpointMetadata.Add(user.Policy);
            }
        }
    }
}
