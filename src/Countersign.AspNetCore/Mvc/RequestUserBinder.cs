using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace Countersign.AspNetCore.Mvc;

/// <summary>Passes the authenticated user to an action or a page. <see cref="MvcSetup"/> has added the policy that requires the login.</summary>
internal sealed class RequestUserBinder : IModelBinder
{
    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The app runs the endpoint without authorization.</exception>
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var user = RequestUserType.Of(bindingContext.ModelType)!.Find(bindingContext.HttpContext);
        if (user is not null)
        {
            // The account comes from the database. MVC must not validate it, nor walk through its properties.
            bindingContext.ValidationState.Add(user, new ValidationStateEntry { SuppressValidation = true });
        }

        bindingContext.Result = ModelBindingResult.Success(user);
        return Task.CompletedTask;
    }
}
