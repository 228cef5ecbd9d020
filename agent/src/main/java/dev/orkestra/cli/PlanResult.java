package dev.orkestra.cli;

import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanHeader;

/** A plan and what stands around it. */
record PlanResult(Plan plan, PlanHeader header) {}
