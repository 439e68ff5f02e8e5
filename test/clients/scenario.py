"""One life of an endpoint through boto3, as a user of SageMaker would write it.

Environment: STOWAGE_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION; the library holds
s3://stowage/target and s3://stowage/draft. Prints one JSON line with what was seen; exits 1 when anything failed.
"""

import json
import os
import sys
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

url = os.environ["STOWAGE_URL"]
# Nothing is tried twice: a request that fails once has failed.
once = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=120)
control = boto3.client("sagemaker", endpoint_url=url)
runtime = boto3.client("sagemaker-runtime", endpoint_url=url, config=once)
scaling = boto3.client("application-autoscaling", endpoint_url=url, config=once)

name = "boto3-scenario"
components = ["boto3-inline", "boto3-blockgen", "boto3-flowgpt"]
deadline_seconds = 120
load_threads = 4


def environment(template):
    return {"OPTION_PROMPT_TEMPLATE": template, "OPTION_MAX_ROLLING_BATCH_SIZE": "8"}


def create_model(model, artifact):
    control.create_model(
        ModelName=model,
        PrimaryContainer={
            "Image": "stowage/llama.cpp",
            "ModelDataUrl": f"s3://stowage/{artifact}",
            "Environment": environment("<|block|>{{ prompt }}<|out|>"),
        },
        Tags=[{"Key": "made-by", "Value": "scenario"}],
    )


def specification(model):
    return {
        "ModelName": model,
        "ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 0.25, "MinMemoryRequiredInMb": 256},
    }


def until(what, ready):
    end = time.monotonic() + deadline_seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.2)
    raise TimeoutError(f"{what} took more than {deadline_seconds} s")


def describe(component):
    return control.describe_inference_component(InferenceComponentName=component)


def in_service(component, copies):
    seen = describe(component)
    if seen["InferenceComponentStatus"] == "Failed":
        raise RuntimeError(seen.get("FailureReason", "no reason"))
    current = seen["RuntimeConfig"]["CurrentCopyCount"]
    return seen["InferenceComponentStatus"] == "InService" and current == copies


def invoke(component):
    answer = runtime.invoke_endpoint(
        EndpointName=name,
        InferenceComponentName=component,
        ContentType="application/json",
        Body=json.dumps({"inputs": "A method which gets the cases by priority", "parameters": {"max_new_tokens": 16}}),
    )
    text = json.loads(answer["Body"].read())["generated_text"]
    if text == "":
        raise RuntimeError("an empty answer")
    return text


def roll_under_load(component):
    """Updates the component to another model while it is called; gives calls answered and the failures."""
    stop = threading.Event()
    answered, failures = [], []

    def call():
        while not stop.is_set():
            try:
                answered.append(invoke(component))
            except Exception as error:  # every kind of failure counts
                failures.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=call) for _ in range(load_threads)]
    for thread in threads:
        thread.start()
    try:
        until("first answers", lambda: len(answered) > load_threads)
        control.update_inference_component(
            InferenceComponentName=component,
            Specification=specification("boto3-second"),
            DeploymentConfig={
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
                    "WaitIntervalInSeconds": 1,
                }
            },
        )
        until("the update", lambda: in_service(component, 2))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    model = describe(component)["Specification"]["ModelName"]
    if model != "boto3-second":
        raise RuntimeError(f"the component runs {model} after the update")
    return len(answered), failures


def scale_by_hand(component):
    """Registers the component's copies, with a policy and a schedule; gives the names of the policy's alarms."""
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"inference-component/{component}",
        "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount",
    }
    registered = scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2, Tags={"made-by": "scenario"})
    arn = registered["ScalableTargetARN"]
    put = scaling.put_scaling_policy(
        **target,
        PolicyName="follow",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 5.0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
            },
        },
    )
    scaling.put_scheduled_action(
        **target,
        ScheduledActionName="morning",
        Schedule="cron(0 7 ? * MON-FRI *)",
        Timezone="Europe/Berlin",
        ScalableTargetAction={"MinCapacity": 2},
    )
    of = {"ServiceNamespace": "sagemaker", "ResourceId": target["ResourceId"]}
    policies = list(scaling.get_paginator("describe_scaling_policies").paginate(**of))[0]["ScalingPolicies"]
    actions = scaling.describe_scheduled_actions(**of)["ScheduledActions"]
    targets = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    scaling.describe_scaling_activities(**of, IncludeNotScaledActivities=True)
    if (
        [one["PolicyARN"] for one in policies] != [put["PolicyARN"]]
        or [one["ScheduledActionName"] for one in actions] != ["morning"]
        or [one["ScalableTargetARN"] for one in targets] != [arn]
        or scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] != {"made-by": "scenario"}
    ):
        raise RuntimeError("scaling is not described as it was asked for")
    scaling.deregister_scalable_target(**target)
    try:
        scaling.deregister_scalable_target(**target)
        raise RuntimeError("a target was deregistered twice")
    except scaling.exceptions.ObjectNotFoundException:
        return [one["AlarmName"] for one in put["Alarms"]]


def gone(call, **arguments):
    try:
        call(**arguments)
        return False
    except ClientError as error:
        return error.response["Error"]["Code"] == "ValidationException"


def main():
    seen = {"boto3": boto3.__version__}
    create_model("boto3-first", "target")
    create_model("boto3-second", "draft")
    control.create_endpoint_config(
        EndpointConfigName=name,
        ExecutionRoleArn="arn:aws:iam::000000000000:role/any",
        ProductionVariants=[
            {
                "VariantName": "AllTraffic",
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
            }
        ],
    )
    control.create_endpoint(EndpointName=name, EndpointConfigName=name)
    control.get_waiter("endpoint_in_service").wait(EndpointName=name)
    for component in components:
        control.create_inference_component(
            InferenceComponentName=component,
            EndpointName=name,
            VariantName="AllTraffic",
            Specification=specification("boto3-first"),
            RuntimeConfig={"CopyCount": 1},
        )
    for component in components:
        until(component, lambda: in_service(component, 1))
    seen["answers"] = [invoke(component)[:24] for component in components]
    listed = control.get_paginator("list_inference_components").paginate(
        EndpointNameEquals=name, PaginationConfig={"PageSize": 2}
    )
    if sorted(one["InferenceComponentName"] for page in listed for one in page["InferenceComponents"]) != sorted(components):
        raise RuntimeError("the list is not what was created")
    seen["alarms"] = len(scale_by_hand(components[1]))
    control.update_inference_component_runtime_config(
        InferenceComponentName=components[0], DesiredRuntimeConfig={"CopyCount": 2}
    )
    until("two copies", lambda: in_service(components[0], 2))
    seen["answered"], failures = roll_under_load(components[0])
    seen["failed"] = len(failures)
    seen["failures"] = failures[:3]
    for component in components:
        control.delete_inference_component(InferenceComponentName=component)
    for component in components:
        until("deletion", lambda: gone(control.describe_inference_component, InferenceComponentName=component))
    control.delete_endpoint(EndpointName=name)
    control.get_waiter("endpoint_deleted").wait(EndpointName=name)
    control.delete_endpoint_config(EndpointConfigName=name)
    for model in ["boto3-first", "boto3-second"]:
        control.delete_model(ModelName=model)
    seen["models left"] = len(control.list_models(NameContains="boto3-")["Models"])
    print(json.dumps(seen))
    return 0 if not failures and seen["models left"] == 0 else 1


sys.exit(main())
